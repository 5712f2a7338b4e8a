/// The page's own styles and scripts, in the order in which they are joined.
enum PageAssets {
  static let styles = [PackageResources.page_css]

  static let scripts = [PackageResources.main_js]
}
