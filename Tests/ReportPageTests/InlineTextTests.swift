import Testing

@testable import ReportPage
