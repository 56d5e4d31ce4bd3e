# A package for Debian 12: `cpack` in a build folder. What the programs are linked with, dpkg-shlibdeps (of dpkg-dev)
# finds out; what is loaded at run time is named here.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tallylock)
set(CPACK_PACKAGE_CONTACT "The Tallylock developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Sell and buy encrypted files; the key is handed over when the money has moved")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libqt6sql6-sqlite)
# Works without them: a seed phrase may be of Chinese, Japanese or Korean words, which want letters; Qt's own buttons in
# the user's language; the keychain.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-cjk, qt6-translations-l10n, libsecret-1-0")
include(CPack)
