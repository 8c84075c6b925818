import MarketData
import Testing

@Suite("Put-call ratio")
struct PutCallRatioTests {
    @Test("is puts over calls")
    func value() {
        let ratio = PutCallRatio(puts: 300, calls: 400, basis: .openInterest)
        #expect(ratio.value == 0.75)
        #expect(ratio.reason == nil)
    }

    @Test("is zero without puts")
    func zeroPuts() {
        #expect(PutCallRatio(puts: 0, calls: 400, basis: .volume).value == 0)
    }

    @Test(
        "is unknown where a sum is zero, with a reason that names the basis",
        arguments: [
            (nil, 400, "puts' open interest is not known"), (300, nil, "calls' open interest is not known"),
            (300, 0, "calls' open interest is zero"), (0, 0, "calls' open interest is zero"),
            (-300, 400, "negative"), (300, -400, "negative"),
        ] as [(Double?, Double?, String)])
    func reasons(puts: Double?, calls: Double?, reason: String) {
        let ratio = PutCallRatio(puts: puts, calls: calls, basis: .openInterest)
        #expect(ratio.value == nil)
        #expect(ratio.reason?.contains(reason) == true)
    }

    @Test("a snapshot sums the known sides and leaves out the others")
    func sums() throws {
        let snapshot = RandomChain.snapshot(
            [(100, 10, nil), (110, nil, 30), (120, 5, 15)], spot: 111
        )
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.puts == 45)
        #expect(ratio.calls == 15)
        #expect(ratio.value == 3)
        #expect(ratio.strikes == PairedStrikes(both: 1, callsOnly: 1, putsOnly: 1))
        #expect(ratio.note == "the sums run over different strikes: puts of 2, calls of 2, both of 1")
        #expect(snapshot.putCallRatio(by: .volume).reason?.contains("volume is not known") == true)
        #expect(snapshot.atTheMoney == Strike("110"))
    }

    @Test("sums over the same strikes have no note, and sums that share no strike give no ratio")
    func pairs() {
        let equal = RandomChain.snapshot([(100, 10, 20), (110, 5, 30)], spot: 111).putCallRatio(by: .openInterest)
        #expect(equal.note == nil)
        let apart = RandomChain.snapshot([(100, 10, nil), (110, nil, 30)], spot: 111).putCallRatio(by: .openInterest)
        #expect(apart.value == nil)
        #expect(apart.reason?.contains("no strike has") == true)
        #expect(apart.note == nil)
    }

    @Test("of two equally near strikes the lower one is at the money")
    func tie() {
        let snapshot = RandomChain.snapshot([(100, 1, 1), (110, 1, 1)], spot: 105)
        #expect(snapshot.atTheMoney == Strike("100"))
    }
}
