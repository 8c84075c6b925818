import MarketData

extension OptionChainAnswer {
    public var columns: [String] { OptionChainAnswer.columns }

    /// A row a strike. `callImpliedVolatility` is the source's, `callModelVolatility` ours; the model, its rate and its
    /// forward are columns too, so that a row says by what its greeks were made.
    private static let columns =
        ["strike"] + sideColumns("call") + sideColumns("put")
        + ["putCallRatio", "forward", "rate", "yearsToExpiry", "model", "source", "mode", "asOf"]

    private static func sideColumns(_ side: String) -> [String] {
        [
            "OpenInterest", "Change", "Previous", "Last", "Volume", "ImpliedVolatility", "PriceChange", "BuildUp",
            "ModelVolatility", "Delta", "Gamma", "Vega", "Theta", "Rho", "Reason",
        ].map { side + $0 }
    }

    public func rows(_ emit: ([Cell]) -> Void) {
        let snapshot = chain.snapshot
        var greeks = GreeksByStrike(analysis.greeks)
        for row in snapshot.strikes {
            let known = greeks.next(row.strike)
            var cells: [Cell] = [.number(row.strike.price)]
            for type in OptionType.allCases {
                let figure = known(type)
                cells += OptionFigures.cells(row[type]) + OptionFigures.buildUpCells(row[type])
                cells += OptionGreeks.cells(figure.value) + [.text(figure.reason)]
            }
            cells += [
                .number(row.putCallRatio.value), .number(analysis.greeks.value?.forward.price),
                .number(analysis.rate), .number(analysis.years.value), .text(ChainGreeks.model),
            ]
            emit(cells + snapshot.provenance.cells)
        }
    }
}
