public import ArgumentParser
public import MeshweftKit

extension OutputForm: ExpressibleByArgument {}

extension FindingSeverity: ExpressibleByArgument {}

extension LoadOptions.Grouping: ExpressibleByArgument {}

extension GraphReport.Form: ExpressibleByArgument {}

extension TraceExport.Form: ExpressibleByArgument {}

extension TraceReport.Form: ExpressibleByArgument {}

extension TraceSearchOptions.Order: ExpressibleByArgument {}
