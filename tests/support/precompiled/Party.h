// Precompiled for the tests of hosts, parties and programs: tests/CMakeLists.txt.
#include "tests/support/precompiled/Engine.h"

#include "core/api/Session.h"
#include "core/host/Host.h"
#include "core/keyserver/KeyServer.h"
#include "core/party/Party.h"
