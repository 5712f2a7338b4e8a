/// From the share of sweeps that a call spent in a request to the probability that the request is its own.
///
/// The shares are posterior probabilities of a model that is nearly, not quite, how applications behave, and are
/// nearly calibrated: only near 1 are they too sure. The map was made from 69 000 links of 14 log sets with truth:
/// the hotel sets at 1, 4, 8 and 10 times their rate, with times in µs and in ms, with and without 5 % of all lines
/// removed, and `chain` with and without. Links were sorted by share into the classes below; a class's mean share
/// maps to its share of right links, what lies between is interpolated. To make it anew, run the matcher with the
/// identity as the map over such sets and replace the knots.
///
///     share    0.27  0.36  0.46  0.53  0.65  0.75  0.85  0.93  0.965 0.986 0.993 0.9975 0.9996 1
///     links     263  1012  1646  2611  1236   935  1174  1001   873   425   339    776    860 55949
///     right    0.26  0.38  0.45  0.54  0.64  0.72  0.87  0.91  0.951 0.981 0.982 0.986  0.988  0.9989
///
/// Classes up to 0.7 are within their noise of the identity and are left as they are.
enum PlaceCalibration {
  private static let knots: [(share: Double, probability: Double)] = [
    (0, 0), (0.65, 0.645), (0.85, 0.84), (0.93, 0.908), (0.965, 0.951), (0.986, 0.979), (0.993, 0.983),
    (0.9975, 0.986), (0.9996, 0.989), (0.9999, 0.997), (1, 0.999),
  ]

  /// The probability that a place with this share is right; rises with the share.
  static func probability(ofShare share: Double) -> Double {
    guard let above = knots.firstIndex(where: { $0.share >= share }), above > 0 else {
      return share <= 0 ? 0 : knots[knots.count - 1].probability
    }
    let low = knots[above - 1]
    let high = knots[above]
    let part = (share - low.share) / (high.share - low.share)
    return low.probability + part * (high.probability - low.probability)
  }
}
