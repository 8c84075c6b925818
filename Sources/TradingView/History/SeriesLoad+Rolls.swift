import MarketData
import TradingViewProtocol

extension SeriesLoad {
    /// Whether all bars are there and only the dates of rolls are not.
    var isWaitingForRolls: Bool {
        if case .asked = rolls, verdict == .loading { return true }
        return false
    }

    /// The dates of rolls, where they are known.
    var knownRolls: [ContractRoll]? {
        if case .settled(let rolls) = rolls { return rolls }
        return nil
    }

    /// Whether the symbol was resolved and then no bar came.
    var isSilent: Bool { resolved != nil && ledger.bars.isEmpty && verdict == .loading }
}
