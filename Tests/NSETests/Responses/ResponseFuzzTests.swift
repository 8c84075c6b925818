import JSON
import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Damaged responses of NSE")
struct ResponseFuzzTests {
    @Test("give strikes in order, each once, or an error", arguments: ChainGeneration.allCases)
    func chains(generation: ChainGeneration) {
        let text = ChainText()
        var fuzzing = Fuzzing(seed: 20_261_129, corpus: [text.nextAPI, text.versionThree, text.legacy])
        fuzzing.run { bytes in
            guard let fields = JSONFields(parsing: bytes, path: "response"),
                let chain = try? generation.chain(in: fields, code: "NIFTY", expiry: expiry)
            else { return }
            let strikes = chain.rows.map(\.strike)
            #expect(zip(strikes, strikes.dropFirst()).allSatisfy { $0 < $1 })
            _ = try? ListedContracts(fields, code: "NIFTY")
        }
    }

    @Test("from the archive give a file or an error")
    func files() {
        let file = BhavcopyText(day: day("2026-11-20"), expiries: [expiry])
        var texts = Fuzzing(seed: 5, corpus: [file.udiff, "SYMBOL,NOV-26\nNIFTY,65\n"])
        texts.run { bytes in
            if let bhavcopy = try? Bhavcopy(csv: bytes) {
                let dates = bhavcopy.expiries(of: .nifty)
                #expect(dates == dates.sorted())
            }
            _ = try? MarketLots(csv: bytes)
        }
        var packed = Fuzzing(seed: 6, bytes: [ZipText(file.udiff).bytes])
        packed.run(rounds: 1000) { bytes in _ = try? ZipFile(bytes).content() }
    }
}
