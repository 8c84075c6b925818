extension OpenInterestSnapshot {
    /// `maxPain`, or why there is none.
    public var maxPainFigure: Figure<Strike> {
        Figure(maxPain, otherwise: "no option of these strikes has open interest")
    }

    /// `atTheMoney`, or why there is none.
    public var atTheMoneyFigure: Figure<Strike> {
        Figure(atTheMoney, otherwise: spot == nil ? "the spot is not known" : "there are no strikes")
    }
}

extension PutCallRatio {
    /// `value`, or why there is none.
    public var figure: Figure<Double> { Figure(value, otherwise: reason ?? "the ratio is not known") }
}

extension OptionFigures {
    /// What the option's price and open interest did since the previous session's close.
    ///
    /// Unknown where either change is.
    public var buildUp: Figure<BuildUp> { BuildUp.of(priceChange: priceChange, openInterestChange: change) }
}
