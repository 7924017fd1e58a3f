package org.springframework.security.core;

import java.io.Serializable;
import java.security.Principal;
import java.util.Collection;
import java.util.List;

public interface Authentication extends Principal, Serializable {
    /** Nobody of the sandbox is in a group. */
    default Collection<? extends GrantedAuthority> getAuthorities() {
        return List.of();
    }
}
