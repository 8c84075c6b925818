import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private let target = FuzzTarget.all.first { $0.name == CommandLine.arguments.dropFirst().first }

/// `bhav-fuzz TARGET [options of libFuzzer] [folders of a corpus]` (`make fuzz`).
@main
enum Driver {
    static func main() {
        guard target != nil else {
            print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
            exit(CommandLine.arguments.count > 1 ? 64 : 0)
        }
        let words = CommandLine.arguments.prefix(1) + CommandLine.arguments.dropFirst(2)
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
        for (place, word) in words.enumerated() { list[place] = strdup(word) }
        list[words.count] = nil
        var count = Int32(words.count)
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
        let status = runFuzzer(&count, &arguments) { bytes, length in
            do {
                try target?.read(Array(UnsafeBufferPointer(start: bytes, count: length)))
            } catch {
                fatalError("\(error)")
            }
            return 0
        }
        exit(status)
    }
}
