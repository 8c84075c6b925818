public import ArgumentParser
public import MarketAnswers

extension TimeStyle: ExpressibleByArgument {}
