// Precompiled for the tests of views: tests/CMakeLists.txt.
#include "core/api/Session.h"

#include <QtTest>
#include <QtWidgets>
