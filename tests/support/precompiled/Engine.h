// Precompiled for the tests of rooms that know the engine's messages: tests/CMakeLists.txt.
#include "core/wire/Frames.h"

#include <QtTest/qtestcase.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <thread>
