package lookup

import (
	"net"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// SystemServers are the computer's own DNS servers as host:port: those of the network
// adapters that are up.
func SystemServers() ([]string, error) {
	size := uint32(15000)
	var buffer []byte
	for {
		buffer = make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST, 0, first, &size)
		if err == windows.ERROR_BUFFER_OVERFLOW {
			continue
		}
		if err != nil {
			return nil, err
		}
		return dnsOf(first), nil
	}
}

func dnsOf(first *windows.IpAdapterAddresses) []string {
	var all []string
	for a := first; a != nil; a = a.Next {
		if a.OperStatus != windows.IfOperStatusUp {
			continue
		}
		for s := a.FirstDnsServerAddress; s != nil; s = s.Next {
			ip := s.Address.IP()
			// Windows invents site-local servers where none is set.
			if ip == nil || ip.IsLinkLocalUnicast() || (ip.To4() == nil && ip[0] == 0xfe && ip[1] == 0xc0) {
				continue
			}
			if at := net.JoinHostPort(ip.String(), "53"); !slices.Contains(all, at) {
				all = append(all, at)
			}
		}
	}
	return all
}
