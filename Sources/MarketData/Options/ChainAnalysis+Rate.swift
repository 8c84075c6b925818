extension ChainAnalysis {
    /// Reads an interest rate as people write it, `0.07` for 7 % a year.
    /// - Parameter name: What the rate is called where it was written, for the message.
    /// - Throws: `MarketDataError` with code `badRequest` for what is no such number, and for one outside `rates`.
    public static func rate(_ text: String, named name: String) throws(MarketDataError) -> Double {
        guard let rate = Double(text), rate.isFinite else {
            throw .badRequest("\(name) is '\(text)', which is no number; write 0.07 for 7 % a year")
        }
        guard rates.contains(rate) else {
            throw .badRequest(
                "\(name) is \(text), a year; it may be \(rates.lowerBound.shortest) to \(rates.upperBound.shortest), "
                    + "0.07 for 7 %")
        }
        return rate
    }
}
