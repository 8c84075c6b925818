import Testing

@testable import MarketServer
