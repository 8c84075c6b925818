import MarketData

/// What a share's path is multiplied by on each day, in the terms of the present.
struct ActionScale: Sendable {
    /// Those that have happened.
    let actions: [CorporateAction]
    let adjustment: Adjustment
    /// What the whole path is multiplied by, adjusted for splits.
    let present: Double

    func scale(on date: CalendarDate) -> SessionScale {
        let later = actions.filter { $0.date > date }
        let splits = later.reduce(1) { $0 * $1.splitRatio }
        switch adjustment {
        case .splits: return SessionScale(factor: present, volume: 1 / present)
        case .dividends:
            return SessionScale(factor: later.reduce(present) { $0 * $1.kept }, volume: 1 / present)
        case .none: return SessionScale(factor: present * splits, volume: 1 / (present * splits))
        }
    }
}
