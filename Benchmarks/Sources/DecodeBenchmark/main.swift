import Foundation
import TradingViewProtocol

// DecodeBenchmark FOLDER: the frames of Decode/frames.py, split and decoded; the same JSON as Decode/simdjson.cpp prints.

func bytes(_ name: String) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: "\(CommandLine.arguments[1])/\(name)") else {
        fatalError("cannot read \(name)")
    }
    return [UInt8](data)
}

func median(_ rounds: Int, _ body: () -> Void) -> Double {
    let times = (0..<rounds).map { _ in ContinuousClock().measure(body) / .seconds(1) }
    return times.sorted()[rounds / 2]
}

/// Splits and decodes a message; the number of bars, or 1 for a quote.
func decode(_ message: [UInt8], _ splitter: inout PacketSplitter) -> Int {
    var count = 0
    splitter.append(message)
    splitter.endMessage()
    while let packet = splitter.nextView() {
        guard case .message(let payload) = packet else { continue }
        let event = ServerEventDecoder.decode(payload)
        if case .quoteData(let update) = event {
            count += update.status == .ok ? 1 : 0
        } else if case .timescaleUpdate(let update) = event {
            count += update.blocks.reduce(0) { $0 + $1.bars.count }
        }
    }
    return count
}

// In functions, because a variable at the top level belongs to the main actor, which would be checked at every use.
func measureBars(_ count: Int) -> String {
    let frame = bytes("bars-\(count).txt")
    var splitter = PacketSplitter()
    var decoded = 0
    let seconds = median(31) { decoded = decode(frame, &splitter) }
    precondition(decoded == count, "\(decoded) bars of \(count)")
    return "\"bars\(count)\":\(Double(frame.count) / seconds / 1e6)"
}

func measureQuotes() -> String {
    let quotes = bytes("quotes.txt").split(separator: UInt8(ascii: "\n")).map { Array($0) }
    var splitter = PacketSplitter()
    var decoded = 0
    let seconds = median(9) {
        decoded = 0
        for quote in quotes { decoded += decode(quote, &splitter) }
    }
    precondition(decoded == quotes.count, "\(decoded) quotes of \(quotes.count)")
    return "\"quotes\":\(Double(quotes.count) / seconds)"
}

print("{\(measureBars(5000)),\(measureBars(20000)),\(measureQuotes())}")
