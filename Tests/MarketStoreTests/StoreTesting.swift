import Foundation
import MarketData
import MarketStore

/// Times and bars that the tests share: minutes from 09:15 in India on 2026-07-01, a Wednesday.
enum Moments {
    static let opening = Timestamp(seconds: 1_782_877_500)
    static let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneMinute)
    static let boundaries = BarBoundaries(interval: .oneMinute)

    static func time(_ minute: Int) -> Timestamp { opening.advanced(bySeconds: Int64(minute) * 60) }

    static func range(_ minutes: Range<Int>) -> TimeRange {
        TimeRange(from: time(minutes.lowerBound), to: time(minutes.upperBound))
    }

    /// Minutes of a later day, by days from the first.
    static func range(day: Int, _ minutes: Range<Int>) -> TimeRange {
        range(minutes.lowerBound + day * 1_440..<minutes.upperBound + day * 1_440)
    }

    static func provenance(_ source: Provenance.Source = .tradingview, age: Int64 = 0) -> Provenance {
        Provenance(
            source: source, feed: nil, mode: .streaming, delaySeconds: 0,
            asOf: opening.advanced(bySeconds: 30 * 86_400 + age))
    }

    static func bar(_ time: Timestamp, close: Double = 101, isFinal: Bool = true) -> Bar {
        Bar(time: time, open: 100.05, high: 110, low: 90, close: close, volume: 1_234, isFinal: isFinal)
    }

    /// Every bar that the calendar expects in a range.
    static func bars(_ range: TimeRange) -> [Bar] {
        ExpectedBars(boundaries: boundaries, within: range).map { bar($0.from) }
    }

    /// The whole response for a range, with all of its bars.
    static func response(_ range: TimeRange, age: Int64 = 0) -> BarRun {
        BarRun(
            key: key, bars: bars(range), provenance: provenance(age: age), complete: range, boundaries: boundaries)
    }
}

/// A separate folder for a test, removed with the last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "bhav-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: file(name))) }
}
