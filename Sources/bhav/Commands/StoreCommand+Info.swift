import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketStore

extension StoreCommand {
    /// `bhav store info`: what is kept, and how much room it takes.
    struct InfoCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "What the store keeps of each series, and the room its files take.",
            discussion: """
                bhav store info
                bhav store info --format json

                A row for each series; the files and the bytes a bar are said on standard error, and stand in json.
                """
        )

        @OptionGroup var output: OutputOptions
        @OptionGroup var market: MarketOptions

        func run() async throws {
            let output = output
            try await market.withStore(.reading, asking: {}) { store, configuration, _ in
                let series = try await store.series()
                let files = StoreFiles(folder: configuration.dataFolder, name: configuration.storeContents.rawValue)
                let bars = series.reduce(0) { $0 + $1.bars }
                try output.print(InfoCommand.list(series, files, bars: bars))
                Console.say("bhav: \(files.words(bars: bars, series: series.count))")
                let rules = try await store.retentionPolicy().seconds.sorted { $0.value < $1.value }
                for (interval, seconds) in rules {
                    Console.say("bhav: bars of \(interval) are kept \(seconds / 86_400) days")
                }
            }
        }

        private static func list(_ series: [SeriesSummary], _ files: StoreFiles, bars: Int) -> ListAnswer {
            ListAnswer(
                name: "series",
                columns: [
                    "symbol", "interval", "session", "adjustment", "backAdjusted", "bars", "first", "last", "revisions",
                ],
                rows: series.map { summary in
                    let key = summary.key
                    return [
                        .text(key.symbol.description), .text(key.interval.description), .text(key.hours.rawValue),
                        .text(key.adjustment.rawValue), .bool(key.backAdjusted), .integer(Int64(summary.bars)),
                        .time(summary.first), .time(summary.last), .integer(Int64(summary.revisions)),
                    ]
                },
                facts: [
                    ("file", .text(files.path)), ("bytes", .integer(Int64(files.bytes))),
                    ("logBytes", .integer(Int64(files.logBytes))), ("bars", .integer(Int64(bars))),
                    ("bytesPerBar", .number(files.bytesPerBar(bars))),
                ])
        }
    }
}

/// The files of a store and their sizes.
struct StoreFiles {
    let path: String
    /// The database.
    let bytes: Int
    /// What was written and is not folded into it yet.
    let logBytes: Int

    init(folder: String, name: String) {
        path = "\(folder)/\(name).sqlite"
        bytes = StoreFiles.size(path)
        logBytes = StoreFiles.size(path + "-wal")
    }

    /// The database's bytes by its bars, everything else in it counted in; `nil` without bars, and where most is still in
    /// the log.
    func bytesPerBar(_ bars: Int) -> Double? {
        bars > 0 && logBytes < bytes ? (Double(bytes) / Double(bars) * 10).rounded() / 10 : nil
    }

    func words(bars: Int, series: Int) -> String {
        let each = bytesPerBar(bars).map { ", \($0.shortest) bytes a bar" } ?? ""
        return "\(path): \(bytes) bytes" + (logBytes > 0 ? " and a log of \(logBytes)" : "")
            + "; \(series) series, \(bars) bars\(each)"
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    }
}
