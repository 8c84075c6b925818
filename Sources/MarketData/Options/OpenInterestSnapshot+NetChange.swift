extension OpenInterestSnapshot {
    /// The puts' change in open interest less the calls', summed over the strikes of this snapshot, in its unit; steadier
    /// than the ratio of the two, which means nothing once either falls.
    ///
    /// Unknown where the change of either side is.
    public var netChange: Figure<Double> {
        let changes = putCallRatio(by: .change)
        guard let puts = changes.puts else { return .unknown(reason: "the puts' change in open interest is not known") }
        guard let calls = changes.calls else {
            return .unknown(reason: "the calls' change in open interest is not known")
        }
        return .known(puts - calls)
    }
}
