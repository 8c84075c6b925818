public import ArgumentParser
public import MarketFormats

extension TimeStyle: ExpressibleByArgument {}
