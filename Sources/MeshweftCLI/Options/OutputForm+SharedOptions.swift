public import ArgumentParser
public import MeshweftKit

extension OutputForm: ExpressibleByArgument {}

extension FindingSeverity: ExpressibleByArgument {}

extension LoadOptions.Grouping: ExpressibleByArgument {}

extension PathGraph.Language: ExpressibleByArgument {}

extension TraceSearchOptions.Order: ExpressibleByArgument {}
