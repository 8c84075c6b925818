import Testing

@testable import NSE

@Suite("A zip of one file")
struct ZipFileTests {
    let text = String(repeating: "NIFTY,2026-09-22,25000,CE\n", count: 400)

    /// The fault of a zip; `nil` for one that is read.
    func fault(_ change: (inout ZipText) -> Void) -> ZipFault? {
        var zip = ZipText(text)
        change(&zip)
        return fault(zip.bytes)
    }

    func fault(_ bytes: [UInt8]) -> ZipFault? {
        do throws(ZipFault) {
            _ = try ZipFile(bytes).content()
            return nil
        } catch {
            return error
        }
    }

    @Test("the file is read deflated or stored, with a comment after it and without sizes before it")
    func reads() throws {
        for isDeflated in [true, false] {
            var zip = ZipText(text)
            zip.isDeflated = isDeflated
            zip.comment = Array("made by hand".utf8)
            zip.headerSize = 0
            let file = try ZipFile(zip.bytes)
            #expect(file.name == "file.csv")
            #expect(try file.content() == Array(text.utf8))
        }
        #expect(try ZipFile(ZipText("").bytes).content() == [])
    }

    @Test("anything else than a zip of one file is named")
    func refused() {
        #expect(fault([]) == .notAZip)
        #expect(fault(Array("<html>Resource not found".utf8)) == .notAZip)
        #expect(fault { $0.members = 2 } == .members(2))
        #expect(fault { $0.flags = 1 } == .unsupported("encryption"))
        #expect(fault { $0.method = 9 } == .unsupported("the compression method 9"))
        #expect(fault { $0.size = 0xFFFF_FFFF } == .unsupported("sizes beyond 4 GB"))
        #expect(fault { $0.size = 200 << 20 } == .tooLarge(200 << 20))
        #expect(fault { $0.checksum = 1 } == .damaged("its checksum is wrong"))
    }

    @Test("a file longer or shorter than its directory entry is damaged")
    func sizes() {
        for size in [UInt32(10), UInt32(text.utf8.count - 1), UInt32(text.utf8.count + 1), 1 << 20] {
            guard case .damaged = fault({ $0.size = size }) else {
                Issue.record("\(size) bytes were believed")
                continue
            }
        }
    }

    @Test("no truncation or flipped byte is read as something else")
    func damage() {
        let good = ZipText(text).bytes
        for count in 0..<good.count where fault(Array(good.prefix(count))) == nil {
            Issue.record("\(count) of \(good.count) bytes were read")
        }
        for index in good.indices {
            var bytes = good
            bytes[index] ^= 0x40
            // What comes out is right or nothing: names, dates and versions may be wrong without harm.
            if let content = try? ZipFile(bytes).content() { #expect(content == Array(text.utf8)) }
        }
    }
}
