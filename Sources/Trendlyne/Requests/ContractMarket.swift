/// The two kinds of contracts that the site keeps apart, by the word for each in its addresses.
enum ContractMarket: String, Hashable, Sendable {
    case options, futures
}
