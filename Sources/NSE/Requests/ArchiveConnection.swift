import AsyncHTTPClient
import JSON
import Logging
import MarketData
import NIOHTTP1
import NetworkFailure
import SourceHTTP

/// Fetches files of NSE's archive, within the rate limit. Callers send one request at a time.
///
/// The archive wants no cookies, only the name of a browser.
final class ArchiveConnection: Sendable {
    let site: Site
    private let configuration: NSEConfiguration
    private let httpClient: HTTPClient
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let limiter: RateLimiter

    init(
        _ configuration: NSEConfiguration, httpClient: HTTPClient, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.site = Site("NSE's archive", .nse, at: configuration.archivesURL)
        self.httpClient = httpClient
        self.logger = logger
        self.now = now
        self.limiter = RateLimiter(site, rateLimit: configuration.rateLimit, logger: logger, now: now)
    }

    /// The bytes of a file; `nil` if the archive has none of that name.
    /// - Throws: `MarketDataError`, `CancellationError`.
    func bytes(of file: ArchiveFile, before deadline: ContinuousClock.Instant) async throws -> [UInt8]? {
        try await limiter.waitForPermission(before: deadline)
        let response = try await send(file, before: deadline)
        if response.status == 404 {
            limiter.finished(.responded)
            return nil
        }
        if let fault = ResponseReading.fault(ofFile: response) { throw take(fault, from: file) }
        limiter.finished(.responded)
        return response.body
    }

    /// The error for a file with invalid content.
    func error(_ reason: String, in file: ArchiveFile) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "invalid response from \(site.displayName) for \(file.words): \(reason)", source: .nse)
    }

    private func send(_ file: ArchiveFile, before deadline: ContinuousClock.Instant) async throws -> SourceResponse {
        var request = HTTPClientRequest(url: configuration.archivesURL + file.path)
        for (name, value) in configuration.browser.pageHeaders { request.headers.add(name: name, value: value) }
        do {
            return try await SourceResponse.to(
                request, over: httpClient, before: deadline, largest: ArchiveConnection.largestFile, logger: logger,
                now: now)
        } catch let failure as ConnectionFailure {
            limiter.finished(.failed(failure.words, retryAfterSeconds: nil))
            logger.warning(
                "nse archive request failed", metadata: ["path": "\(file.path)", "error": "\(failure.words)"])
            throw failure.error(of: site, timeout: configuration.timeout)
        }
    }

    private func take(_ fault: ResponseFault, from file: ArchiveFile) -> MarketDataError {
        let stop = limiter.finished(fault.outcome)
        logger.warning(
            "nse archive has no such file", metadata: ["path": "\(file.path)", "fault": "\(fault.words)"])
        return MarketDataError(
            fault.code, "\(site.displayName): \(fault.words) for \(file.words) (\(fault.evidence))",
            source: .nse, recovery: stop.map { .retry(afterSeconds: $0.secondsLeft(at: now())) })
    }

    /// A day's zip has some 1.5 MB.
    private static let largestFile = 32 << 20
}

/// A file of NSE's archive, as the path of a GET.
struct ArchiveFile: Hashable, Sendable {
    /// From the root of the archive.
    let path: String
    /// As messages call it.
    let words: String

    /// A day's file of every contract on futures and options, zipped.
    static func bhavcopy(of date: CalendarDate) -> ArchiveFile {
        let words = "the F&O bhavcopy of \(date)"
        let (year, month, day) = date.parts
        switch BhavcopyFormat(of: date) {
        case .udiff:
            let digits = date.description.filter { $0 != "-" }
            return ArchiveFile(path: "/content/fo/BhavCopy_NSE_FO_0_0_0_\(digits)_F_0000.csv.zip", words: words)
        case .historical:
            let name = months[month - 1]
            let number = "\(day < 10 ? "0" : "")\(day)"
            return ArchiveFile(
                path: "/content/historical/DERIVATIVES/\(year)/\(name)/fo\(number)\(name)\(year)bhav.csv.zip",
                words: words)
        }
    }

    /// The lots of every underlying, as of now.
    static let marketLots = ArchiveFile(path: "/content/fo/fo_mktlots.csv", words: "the list of lots")

    private static let months = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
}
