import JSON
import MarketData
import SourceHTTP

/// Why JSON that came is no chain of the expiry asked for.
enum ChainFault: Error, Hashable {
    /// The part that holds the rows is not there, by its path.
    case missingRecords(String)
    /// A field is not what it should be.
    case unreadable(UnreadableField)
    /// Not one row is of the expiry asked for; these are the expiries of the rows that came.
    case otherExpiries([CalendarDate])

    /// Turns the fault of a field into that of the chain.
    static func naming<Value>(_ read: () throws(UnreadableField) -> Value) throws(ChainFault) -> Value {
        do throws(UnreadableField) {
            return try read()
        } catch {
            throw .unreadable(error)
        }
    }
}
