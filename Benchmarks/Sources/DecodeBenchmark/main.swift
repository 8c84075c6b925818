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
        switch ServerEventDecoder.decode(payload) {
        case .timescaleUpdate(let update): count += update.blocks.reduce(0) { $0 + $1.bars.count }
        case .quoteData: count += 1
        default: break
        }
    }
    return count
}

var results: [String] = []
for count in [5000, 20000] {
    let frame = bytes("bars-\(count).txt")
    var splitter = PacketSplitter()
    var decoded = 0
    let seconds = median(31) { decoded = decode(frame, &splitter) }
    precondition(decoded == count, "\(decoded) bars of \(count)")
    results.append("\"bars\(count)\":\(Double(frame.count) / seconds / 1e6)")
}
let quotes = bytes("quotes.txt").split(separator: UInt8(ascii: "\n")).map { Array($0) }
var splitter = PacketSplitter()
var decoded = 0
let seconds = median(9) { decoded = quotes.reduce(0) { $0 + decode($1, &splitter) } }
precondition(decoded == quotes.count, "\(decoded) quotes of \(quotes.count)")
results.append("\"quotes\":\(Double(quotes.count) / seconds)")
print("{\(results.joined(separator: ","))}")
