/* addresses.c - what this machine is called, and where it can be reached. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/os.h"

bool
os_hostname(char *out, size_t size)
{
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0 || strlen(name) >= size)
        return false;
    snprintf(out, size, "%s", name);
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == strlen(name) &&
           name[0] && name[0] != '-' && name[0] != '.';
}

/* False: of no use to others (loopback, link-local, down). */
static bool
address_text(const struct ifaddrs *i, char *out, size_t size)
{
    if (!i->ifa_addr || !(i->ifa_flags & IFF_UP) || (i->ifa_flags & IFF_LOOPBACK))
        return false;
    if (i->ifa_addr->sa_family == AF_INET) {
        const struct sockaddr_in *sa = (const void *)i->ifa_addr;
        return inet_ntop(AF_INET, &sa->sin_addr, out, (socklen_t)size) != NULL;
    }
    if (i->ifa_addr->sa_family != AF_INET6)
        return false;
    const struct sockaddr_in6 *sa = (const void *)i->ifa_addr;
    return !IN6_IS_ADDR_LINKLOCAL(&sa->sin6_addr) &&
           inet_ntop(AF_INET6, &sa->sin6_addr, out, (socklen_t)size) != NULL;
}

size_t
os_addresses(char (*out)[48], size_t max)
{
    struct ifaddrs *all = NULL;
    size_t n = 0;
    if (getifaddrs(&all) != 0)
        return 0;
    for (const struct ifaddrs *i = all; i && n < max; i = i->ifa_next)
        if (address_text(i, out[n], sizeof out[n]))
            n++;
    freeifaddrs(all);
    return n;
}

bool
os_main_address(char out[48])
{
    /* connecting a datagram socket sends nothing; it only asks the kernel for the way (RFC 5737 address) */
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)}, me = {0};
    socklen_t len = sizeof me;
    to.sin_addr.s_addr = htonl(0xC0000201);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
              getsockname(fd, (struct sockaddr *)&me, &len) == 0 &&
              (ntohl(me.sin_addr.s_addr) >> 24) != 127 && me.sin_addr.s_addr != 0 &&
              inet_ntop(AF_INET, &me.sin_addr, out, 48) != NULL;
    if (fd >= 0)
        close(fd);
    return ok;
}
