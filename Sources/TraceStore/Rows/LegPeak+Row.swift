extension LegPeak {
  /// What a row of `leg_peak` is found by, in the order of its columns.
  var primaryKey: [Int64] { [bucket, series.rawValue, serviceHost, servicePort, key, hostSource] }
}
