import Foundation
import JSON
import MarketData
import MarketFormats
import NIOCore
import Synchronization

/// Prints quotes and bars one by one, each as soon as it comes.
final class LivePrinter: Sendable {
    private let format: OutputFormat
    private let times: TimeStyle
    private let destination: DataOutput
    private let headerIsPrinted = Mutex(false)

    /// - Throws: `CommandFailure` where the file cannot be written.
    init(_ options: OutputOptions) throws {
        format = options.format(inPipe: .ndjson)
        guard format != .arrow else {
            throw CommandFailure(
                message: "--format arrow is for whole tables; use ndjson or csv for live data", exitCode: .usage)
        }
        times = options.time ?? (format == .table ? .exchange : .unix)
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
            let answer = QuoteList(quotes: [quote])
            try destination.write(LivePrinter.withoutHeader(answer.encoded(as: .csv, times: times)))
        case .table:
            try printHeader(
                "time                       symbol              last     change      %          bid          ask  source"
            )
            try destination.write(line(quote))
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
            let cells = fields(of: bar, symbol, zone).map { $0.isEmpty ? "-" : $0 }
            try printHeader(barLine(["symbol", "time", "open", "high", "low", "close", "volume", "final"]))
            try destination.write(barLine(cells) + "\n")
        }
    }

    private func fields(of bar: Bar, _ symbol: Symbol, _ zone: TimeZone?) -> [String] {
        [
            symbol.description, times.text(bar.time, zone: zone), bar.open.shortest, bar.high.shortest,
            bar.low.shortest, bar.close.shortest, bar.volume?.shortest ?? "", String(bar.isFinal),
        ]
    }

    private func line(_ quote: Quote) -> String {
        let zone = ExchangeZone.zone(of: quote.symbol.exchange)
        let time = quote.lastTime.map { times.text($0, zone: zone) } ?? "-"
        let cells = [
            padded(time, -25), padded(quote.symbol.description, -14), figure(quote.last, 10),
            figure(quote.change.map { ($0 * 100).rounded() / 100 }, 9),
            figure(quote.changePercent.map { ($0 * 100).rounded() / 100 }, 6), figure(quote.bid, 11),
            figure(quote.ask, 11), quote.provenance.briefWords,
        ]
        return cells.joined(separator: "  ") + "\n"
    }

    private func barLine(_ cells: [String]) -> String {
        zip(cells, [-14, -25, 10, 10, 10, 10, 12, 5]).map { padded($0, $1) }.joined(separator: "  ")
    }

    private func figure(_ value: Double?, _ width: Int) -> String { padded(value?.shortest ?? "-", width) }

    private func padded(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + space : space + text
    }

    private func printHeader(_ header: String) throws {
        let first = headerIsPrinted.withLock { isPrinted in
            defer { isPrinted = true }
            return !isPrinted
        }
        if first { try destination.write(header + "\n") }
    }

    private static func withoutHeader(_ csv: ByteBuffer) -> [UInt8] {
        let bytes = csv.readableBytesView
        let body = bytes.firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) } ?? bytes.startIndex
        return Array(bytes[body...])
    }
}
