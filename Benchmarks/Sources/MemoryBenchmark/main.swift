import BenchmarkMarket
import Foundation
import MarketData
import MarketStore

// MemoryBenchmark [SYMBOLS=200] [SESSIONS=2400] [FOLDER]: ten years of one-minute bars of one symbol after the other,
// written as they come in batches of 5,000, then read as a whole, then checked for gaps. Prints the most memory this
// process ever held. 200 symbols of 2,400 sessions are 180 million bars and some 11 GB of disk.

let arguments = CommandLine.arguments
let symbols = arguments.count > 1 ? Int(arguments[1]) ?? 200 : 200
let sessions = arguments.count > 2 ? Int(arguments[2]) ?? 2_400 : 2_400
let parent = arguments.count > 3 ? arguments[3] : FileManager.default.temporaryDirectory.path
let folder = "\(parent)/bhav-memory-\(UUID().uuidString)"
defer { try? FileManager.default.removeItem(atPath: folder) }

try await MemoryBenchmark(symbols: symbols, sessions: sessions, folder: folder).run()
