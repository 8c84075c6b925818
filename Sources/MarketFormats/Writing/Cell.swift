public import MarketData

/// One value of a row.
public enum Cell: Hashable, Sendable {
    case text(String?)
    case number(Double?)
    case integer(Int64?)
    case bool(Bool)
    case time(Timestamp?)
}
