import MarketData

/// In which terms a symbol's prices are told: after splits or dividends, of which contract, with rolls levelled out or not.
struct PriceTerms: Sendable {
    var actions: ActionScale?
    var contract: ContractScale?

    func scale(on date: CalendarDate) -> SessionScale {
        if let actions { return actions.scale(on: date) }
        return contract?.scale(on: date) ?? SessionScale()
    }
}

extension MockMarket {
    /// The terms of a request; `nil` where prices are told as they are, as those of most symbols always.
    func terms(
        of listing: Listing, adjustment: Adjustment, backAdjusted: Bool, at moment: Timestamp
    ) -> PriceTerms? {
        let today = calendar.latestSession(at: moment, segment: listing.segment).date
        let actions = actions.scale(of: listing.symbol, adjustment: adjustment, on: today)
        let contract = listing.contract.flatMap { contract -> ContractScale? in
            guard contract.isCarried || contract.rank > 1 || contract.dated != nil || backAdjusted else { return nil }
            return ContractScale(
                contract: contract,
                levelling: backAdjusted && contract.dated == nil ? levelling(of: listing, contract, today: today) : []
            )
        }
        return actions == nil && contract == nil ? nil : PriceTerms(actions: actions, contract: contract)
    }

    /// In which quotes are told.
    func presentTerms(of listing: Listing, at moment: Timestamp) -> PriceTerms? {
        terms(of: listing, adjustment: .splits, backAdjusted: false, at: moment)
    }

    /// A split or dividend that was not known before: from its day on prices are without it, and past prices that are
    /// adjusted for it change. Nothing that is told of other symbols does.
    public func announce(_ action: CorporateAction) { actions.announce(action) }
}
