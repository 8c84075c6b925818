import ArgumentParser

@main struct Bhav: ParsableCommand {}
