/// What a newer element of a feed has in common with the older one that it replaces.
public enum ConflationKey: Hashable, Sendable {
    case symbol(Symbol)
    case time(Timestamp)
}
