import MarketData
import TestSupport
import Testing

@testable import MarketStore

@Suite("which account of a bar stands")
struct BarMergeTests {
    private struct Account: Hashable {
        var bar: Bar
        var answer: BarMerge.Answer
    }

    private func account(_ random: inout SeededGenerator) -> Account {
        let close = Double(Int.random(in: 100...102, using: &random))
        let source: Provenance.Source = Bool.random(using: &random) ? .tradingview : .nse
        return Account(
            bar: Moments.bar(Moments.time(0), close: close, isFinal: Bool.random(using: &random)),
            answer: BarMerge.Answer(
                asOf: Moments.time(Int.random(in: 0..<3, using: &random)),
                origin: OriginName(Moments.provenance(source))))
    }

    private func fold(_ accounts: [Account]) -> Account? {
        guard var standing = accounts.first else { return nil }
        for other in accounts.dropFirst() {
            let verdict = BarMerge.settle(
                stored: standing.bar, from: standing.answer, incoming: other.bar, from: other.answer)
            switch verdict {
            case .kept, .revisedEarlier: break
            case .replaced, .confirmed, .revised: standing = other
            }
        }
        return standing
    }

    @Test("does not depend on the order in which accounts come, nor on repeats")
    func order() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<3_000 {
            let accounts = (0..<Int.random(in: 1...6, using: &random)).map { _ in account(&random) }
            let other = (accounts + accounts.shuffled(using: &random).prefix(2)).shuffled(using: &random)
            #expect(fold(accounts) == fold(other))
        }
    }

    @Test("bars of one answer are put in order, the final account of a time standing")
    func ordering() {
        let final = Moments.bar(Moments.time(1))
        let bars = [
            Moments.bar(Moments.time(2)), final, Moments.bar(Moments.time(1), isFinal: false),
            Moments.bar(Moments.time(0)),
        ]
        #expect(BarMerge.ordered(bars).map(\.time) == [0, 1, 2].map(Moments.time))
        #expect(BarMerge.ordered(bars).dropFirst().first == final)
    }
}
