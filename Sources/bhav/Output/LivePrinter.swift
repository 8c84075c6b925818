import Foundation
import JSON
import MarketData
import MarketFormats
import NIOCore
import Synchronization

/// Prints each quote and bar as soon as it arrives.
final class LivePrinter: Sendable {
    private let format: OutputFormat
    private let times: TimeStyle
    private let destination: DataOutput
    /// Whether times are as a table has them, without their zone.
    private let hasPlainTimes: Bool
    private let headerIsPrinted = Mutex(false)
    /// The provenance that was printed last.
    private let saidOrigin = Mutex<String?>(nil)

    /// - Throws: `CommandFailure` where the file cannot be written.
    init(_ options: OutputOptions) throws {
        format = options.format(inPipe: .ndjson)
        guard format != .arrow else {
            throw CommandFailure(
                message: "--format arrow is for whole tables; use ndjson or csv for live data", exitCode: .usage)
        }
        times = options.time ?? (format == .table ? .exchange : .unix)
        hasPlainTimes = format == .table && options.time == nil
        destination = try options.destination()
    }

    func print(_ quote: Quote) throws {
        switch format {
        case .json, .ndjson, .arrow:
            var json = JSONWriter(capacity: 512)
            quote.write(to: &json)
            json.endLine()
            try destination.write(json.bytes)
        case .csv:
            try printHeader(Quote.columns.joined(separator: ","))
            let response = QuoteList(quotes: [quote])
            try destination.write(LivePrinter.withoutHeader(response.encoded(as: .csv, times: times)))
        case .table:
            try printOrigin(quote.provenance)
            let zone = ExchangeZone.zone(of: quote.symbol.exchange)
            let time = hasPlainTimes ? "time (\(TableTimes(zone: zone).label))" : "time"
            try printHeader(quoteLine([time, "symbol", "last", "change", "%", "bid", "ask"]))
            try destination.write(quoteLine(cells(of: quote, zone)) + "\n")
        }
    }

    /// Prints a bar; a line of JSON may be read without the others, so it says itself where its numbers come from.
    func print(_ bar: Bar, of symbol: Symbol, _ provenance: Provenance?) throws {
        let zone = ExchangeZone.zone(of: symbol.exchange)
        switch format {
        case .json, .ndjson, .arrow:
            var json = JSONWriter(capacity: 256)
            json.beginObject()
            json.field("symbol", symbol.description)
            json.key("bar")
            bar.write(to: &json)
            if let provenance {
                json.field("source", provenance.source.rawValue)
                json.field("mode", provenance.mode.rawValue)
            }
            json.endObject()
            json.endLine()
            try destination.write(json.bytes)
        case .csv:
            try printHeader("symbol,time,open,high,low,close,volume,final")
            try destination.write(fields(of: bar, symbol, zone).joined(separator: ",") + "\n")
        case .table:
            if let provenance { try printOrigin(provenance) }
            let label = hasPlainTimes ? "time (\(TableTimes(zone: zone).label))" : "time"
            try printHeader(barLine(["symbol", label, "open", "high", "low", "close", "volume", "final"]))
            try destination.write(barLine(cells(of: bar, symbol, zone)) + "\n")
        }
    }

    private func fields(of bar: Bar, _ symbol: Symbol, _ zone: TimeZone?) -> [String] {
        [
            symbol.description, times.text(bar.time, zone: zone), bar.open.shortest, bar.high.shortest,
            bar.low.shortest, bar.close.shortest, bar.volume?.shortest ?? "", String(bar.isFinal),
        ]
    }

    private func cells(of bar: Bar, _ symbol: Symbol, _ zone: TimeZone?) -> [String] {
        let grouping = NumberGrouping(of: zone)
        let prices = [bar.open, bar.high, bar.low, bar.close].map(grouping.text)
        return [symbol.description, text(bar.time, zone)] + prices
            + [bar.volume.map(grouping.text) ?? "-", bar.isFinal ? "yes" : "no"]
    }

    private func cells(of quote: Quote, _ zone: TimeZone?) -> [String] {
        let grouping = NumberGrouping(of: zone)
        func rounded(_ value: Double?) -> String { value.map { grouping.text($0.rounded(to: 2)) } ?? "-" }
        let time = quote.lastTime.map { hasPlainTimes ? TableTimes(zone: zone).clock($0) : times.text($0, zone: zone) }
        return [
            time ?? "-", quote.symbol.description, quote.last.map(grouping.text) ?? "-", rounded(quote.change),
            rounded(quote.changePercent), quote.bid.map(grouping.text) ?? "-", quote.ask.map(grouping.text) ?? "-",
        ]
    }

    private func text(_ time: Timestamp, _ zone: TimeZone?) -> String {
        hasPlainTimes ? TableTimes(zone: zone).text(time) : times.text(time, zone: zone)
    }

    private func quoteLine(_ cells: [String]) -> String {
        zip(cells, [-10, -14, 10, 9, 6, 10, 10]).map { padded($0, $1) }.joined(separator: " ")
    }

    private func barLine(_ cells: [String]) -> String {
        zip(cells, [-13, -16, 9, 9, 9, 9, 9, 5]).map { padded($0, $1) }.joined(separator: " ")
    }

    /// Says where the numbers come from, once, and again where that changes.
    private func printOrigin(_ provenance: Provenance) throws {
        let words = provenance.briefWords
        let isNew = saidOrigin.withLock { said in
            defer { said = words }
            return said != words
        }
        if isNew { try destination.write("source: \(words)\n") }
    }

    private func padded(_ cell: String, _ width: Int) -> String {
        let text = cell.printable
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + space : space + text
    }

    private func printHeader(_ header: String) throws {
        let first = headerIsPrinted.withLock { isPrinted in
            defer { isPrinted = true }
            return !isPrinted
        }
        if first { try destination.write(header.trimmedAtEnd() + "\n") }
    }

    private static func withoutHeader(_ csv: ByteBuffer) -> [UInt8] {
        let bytes = csv.readableBytesView
        let body = bytes.firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) } ?? bytes.startIndex
        return Array(bytes[body...])
    }
}
