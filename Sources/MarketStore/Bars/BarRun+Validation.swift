import MarketData

extension BarRun {
    /// - Throws: `StoreError`: `refused`, naming the first bar that cannot be.
    func validate() throws(StoreError) {
        for bar in bars {
            guard let fault = bar.fault else { continue }
            throw StoreError(.refused, "the bar of \(key) at \(bar.time) \(fault); the run was not stored")
        }
    }
}

extension Bar {
    /// What is wrong with the figures; `nil` where nothing is.
    var fault: String? {
        guard open.isFinite, high.isFinite, low.isFinite, close.isFinite else { return "has a price that is no number" }
        if high < low { return "has a high of \(high.shortest) below its low of \(low.shortest)" }
        if let volume, !(volume >= 0 && volume.isFinite) { return "has a volume of \(volume)" }
        if let openInterest, !openInterest.isFinite { return "has an open interest that is no number" }
        return nil
    }
}
