import JSON
import MarketData
import TestSupport
import Testing

@testable import TradingViewProtocol

/// Recorded messages with one place changed, cut and repeated, seeded.
@Suite("Recorded messages, damaged", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CaptureMutationTests {
    /// How many changes are made to one message: all places and ways of a small one, a seeded choice of a long one.
    private static func changes(of size: Int) -> Int { size < 2000 ? 1200 : size < 30_000 ? 120 : 12 }

    @Test("one changed or removed place gives all bars of the message or a reason, never another bar")
    func places() throws {
        var generator = SeededGenerator(seed: 20_261_123)
        var (read, refused) = (0, 0)
        for name in try Captures.messages() where !Captures.isClient(name) {
            for case .message(let payload) in packets(try Captures.message(name)) {
                guard let value = JSONValue(parsing: payload) else { continue }
                let changes = value.paths.flatMap { path in JSONMutation.allCases.map { (path, $0) } }
                let chosen = changes.shuffled(using: &generator).prefix(Self.changes(of: payload.count))
                for (path, mutation) in chosen {
                    let isRead = check(value.mutated(at: path[...], by: mutation), "\(name) \(path) \(mutation)")
                    read += isRead ? 1 : 0
                    refused += isRead ? 0 : 1
                }
            }
        }
        // The damage is neither too light nor too heavy to mean anything.
        #expect(read > 1000 && refused > 300, "\(read) read, \(refused) refused")
    }

    /// Holds what is read of a value against the value itself; whether it was read.
    private func check(_ damaged: JSONValue, _ place: String) -> Bool {
        let bytes = damaged.encoded()
        // A whole number may be written without its fraction.
        guard let value = JSONValue(parsing: bytes) else {
            Issue.record("\(place): not JSON")
            return false
        }
        let event = ServerEventDecoder.decode(bytes)
        let general = bytes.withUnsafeBufferPointer { ServerEventDecoder.decodeAnyShape($0) }
        #expect(event == general, "\(place)")
        switch event {
        case .unreadable(let reason, let excerpt):
            #expect(!reason.isEmpty && !excerpt.isEmpty, "\(place)")
            return false
        case .timescaleUpdate(let update), .dataUpdate(let update):
            #expect(rows(of: update) == rows(in: value), "\(place)")
        case .quoteData(let quote):
            #expect(quote.fields == QuoteFields(value["p"]?.array?[1]["v"]?.object ?? [:]), "\(place)")
        default: break
        }
        return true
    }

    /// The bars that were read, as the rows that they were written as.
    private func rows(of update: ChartUpdate) -> [String: [[Double?]]] {
        var rows: [String: [[Double?]]] = [:]
        for block in update.blocks where block.kind == .series {
            rows[block.id] = block.bars.map { bar in
                let time = Double(bar.time.milliseconds) / 1000
                return [time, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.openInterest]
            }
        }
        return rows
    }

    /// The rows of every series in a message, taken from the JSON itself; what is short is filled with nothing.
    private func rows(in value: JSONValue) -> [String: [[Double?]]] {
        var rows: [String: [[Double?]]] = [:]
        for (id, block) in value["p"]?.array?[1].object ?? [:] {
            guard let bars = block["s"]?.array else { continue }
            rows[id] = bars.map { bar in
                let values = (bar["v"]?.array ?? []).prefix(7).map(\.double)
                return values + Array(repeating: nil, count: 7 - values.count)
            }
        }
        return rows
    }

    @Test("a cut at any byte, within a message or between two, gives the packets or a reason, never another packet")
    func cuts() throws {
        var generator = SeededGenerator(seed: 77)
        var broken = 0
        for name in try Captures.messages() where !Captures.unreadable.contains(name) {
            let bytes = try Captures.message(name)
            let whole = packets(bytes)
            let positions =
                bytes.count <= 2000
                ? Array(bytes.indices)
                : bytes.indices.shuffled(using: &generator).prefix(24) + (0..<16) + bytes.indices.suffix(3)
            for cut in positions {
                var splitter = PacketSplitter()
                splitter.append(bytes[..<cut])
                splitter.append(bytes[cut...])
                splitter.endMessage()
                #expect(drained(&splitter) == whole, "\(name) at \(cut)")
                let apart = packets(Array(bytes[..<cut]), Array(bytes[cut...]))
                if apart == whole { continue }
                broken += 1
                let strays = apart.filter { !$0.isUnreadable && !whole.contains($0) }
                let isReported = apart.count { $0.isUnreadable } > 0
                #expect(isReported && strays.isEmpty, "\(name) between messages at \(cut): \(strays)")
            }
        }
        // Where the rest begins with what may be the head of a packet, the first part counts as cut off.
        #expect((1...3).contains(broken), "\(broken)")
    }

    @Test("each packet sent twice is read twice, joined and separate")
    func repeats() throws {
        for name in try Captures.messages() where !Captures.unreadable.contains(name) {
            let whole = packets(try Captures.message(name))
            let doubled = whole.flatMap { [$0, $0] }
            let texts = doubled.compactMap(\.text).map { String(decoding: PacketEncoder.encode($0), as: UTF8.self) }
            let glued = packets(texts.joined())
            #expect(glued == doubled, "\(name)")
            let apart = texts.flatMap { packets($0) }
            #expect(apart == doubled, "\(name)")
        }
    }
}
