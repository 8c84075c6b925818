import Foundation
import Hummingbird
import MarketData
import MarketHistory
import MarketHub
import NIOCore

/// `GET /metrics`: the server and its sources in Prometheus' text format.
struct MetricsRoute: Sendable {
    let hub: MarketHub
    let registry: PrometheusRegistry
    let limit: StreamLimit
    /// The folder of the store, for its size; `nil` where nothing is kept.
    let dataFolder: String?
    let clock: @Sendable () -> Timestamp

    /// Beyond this number subscriptions are not listed separately.
    private static let mostSubscriptions = 2_000

    var endpoints: [Endpoint] {
        [
            Endpoint("/metrics", access: .admin) { _, _ in
                Response(
                    bytes: ByteBuffer(string: text), type: "text/plain; version=0.0.4; charset=utf-8")
            }
        ]
    }

    private var text: String {
        var text = PrometheusText()
        writeSources(to: &text)
        writeSubscriptions(to: &text)
        writeStore(to: &text)
        registry.write(to: &text)
        writeStreams(to: &text)
        writeProcess(to: &text)
        return text.text
    }

    private func writeSources(to text: inout PrometheusText) {
        let now = clock()
        let reports = hub.sources
        func each(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (SourceReport) -> Double?
        ) {
            text.begin(name, kind, help)
            for report in reports { text.sample(name, [("source", report.status.source.rawValue)], value(report)) }
        }
        each("bhav_source_up", .gauge, "1 where the source is available.") { $0.isAvailable ? 1 : 0 }
        each("bhav_source_lag_seconds", .gauge, "Age of the source's last datum.") { report in
            report.status.lastData.map { $0.age(at: now) }
        }
        each("bhav_source_reconnects_total", .counter, "Connections made again.") { Double($0.status.reconnects) }
        each("bhav_source_quota_left", .gauge, "Requests left today, where they are counted.") { report in
            report.budgetLeft.map(Double.init)
        }
    }

    private func writeSubscriptions(to text: inout PrometheusText) {
        let now = clock()
        let reports = hub.subscriptions
        text.single("bhav_subscriptions", .gauge, "Live subscriptions that are open upstream.", Double(reports.count))
        text.begin("bhav_subscription_age_seconds", .gauge, "Age of a live subscription's last datum.")
        for report in reports.prefix(MetricsRoute.mostSubscriptions) {
            let labels = [
                ("channel", report.channel), ("symbol", report.symbol.description),
                ("interval", report.interval?.description ?? ""),
            ]
            text.sample("bhav_subscription_age_seconds", labels, report.lastData.map { $0.age(at: now) })
        }
    }

    private func writeStore(to text: inout PrometheusText) {
        if let report = hub.archiveReport {
            let counts: [(String, String, Int)] = [
                ("bhav_store_bars_inserted_total", "Bars that were new to the store.", report.inserted),
                ("bhav_store_bars_revised_total", "Final bars that came back different.", report.revised),
                ("bhav_store_series_refetched_total", "Series fetched again after a price adjustment.", report.rebased),
                ("bhav_store_live_bars_dropped_total", "Live bars that found the queue full.", report.live.dropped),
                ("bhav_store_repairs_total", "Series that were repaired.", report.repair.done),
                ("bhav_store_repairs_failed_total", "Series that could not be repaired.", report.repair.failed),
            ]
            for (name, help, count) in counts { text.single(name, .counter, help, Double(count)) }
            text.single("bhav_store_ok", .gauge, "1 where the last write succeeded.", report.isWell ? 1 : 0)
        }
        text.single("bhav_store_size_bytes", .gauge, "Size of the store's files.", dataFolder.map(MetricsRoute.size))
    }

    private func writeStreams(to text: inout PrometheusText) {
        text.single("bhav_streams_open", .gauge, "WebSocket connections that are open.", Double(limit.count))
        text.single(
            "bhav_streams_rejected_total", .counter, "Streams refused because too many were open.",
            Double(limit.rejected))
    }

    private func writeProcess(to text: inout PrometheusText) {
        let process = ProcessStatistics.now
        text.single("process_resident_memory_bytes", .gauge, "Resident memory.", process.residentBytes)
        text.single("process_open_fds", .gauge, "Open descriptors.", process.openDescriptors)
        text.single("process_max_fds", .gauge, "The most descriptors that may be open.", process.mostDescriptors)
    }

    private static func size(ofStoreIn folder: String) -> Double {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let sizes = files.filter { $0.contains(".sqlite") || $0.contains(".db") }.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
        }
        return sizes.reduce(0, +)
    }
}

/// What the system knows of this process.
private struct ProcessStatistics {
    var residentBytes: Double?
    var openDescriptors: Double?
    var mostDescriptors: Double?

    static var now: ProcessStatistics {
        var statistics = ProcessStatistics()
        if let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        {
            statistics.residentBytes = pages * Double(sysconf(Int32(_SC_PAGESIZE)))
        }
        statistics.openDescriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))
            .map { Double($0.count) }
        if let text = try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") })
        {
            statistics.mostDescriptors = line.split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
        }
        return statistics
    }
}
