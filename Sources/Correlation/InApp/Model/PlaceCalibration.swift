/// From the share of sweeps that a call spent in a request to the probability that the request is its own.
///
/// The shares are posterior probabilities of a model that is nearly, not quite, how applications behave, added up over
/// chains that began apart, and are nearly calibrated: near 1 they say a little less than is right, but for those that
/// differ from 1 by less than a chain can tell. The map was made from 259 000 links of 36 sets with truth: the hotel sets,
/// `chain`, `fan1` at one, two and three times its rate, and simulated applications (parallel, in a row, mixed,
/// optional calls, retries, slow moments), some with 5 % of all lines removed. Links were sorted by share into the
/// classes below; what lies between is interpolated. To make it anew, run the matcher with the identity as the map over
/// such sets and replace the knots.
///
///     share    0.27  0.36  0.47  0.54  0.65  0.75  0.86  0.93  0.963 0.980 0.990 0.996  0.9993 1
///     links     154   823  2427  6243  3257  3302  2540  2195  1544   975  8248  2485   6282 219139
///     right    0.29  0.39  0.48  0.57  0.71  0.79  0.90 0.953 0.983 0.991 0.998 0.998  0.990 0.9991
///
/// Where the sets differ the knots lie nearer to those with most doubt (`fan1`, `chain`).
enum PlaceCalibration {
  private static let knots: [(share: Double, probability: Double)] = [
    (0, 0), (0.3, 0.31), (0.55, 0.56), (0.65, 0.665), (0.75, 0.77), (0.85, 0.875), (0.93, 0.945),
    (0.965, 0.974), (0.986, 0.988), (0.993, 0.992), (0.9999, 0.994), (1, 0.999),
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
