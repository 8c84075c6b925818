import Testing

@testable import MarketHub
