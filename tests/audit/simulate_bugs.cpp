// simulate_bugs: whether the auditor of sales catches every bug that was planted for it.
#include "tests/audit/SaleBugs.h"

#include <cstdio>

int main() {
    const auto bugs = tallylock::audit::catchSaleBugs();
    std::printf("planted %zu/%zu caught\n", bugs.caught, bugs.planted);
    return bugs.caught == bugs.planted ? 0 : 1;
}
