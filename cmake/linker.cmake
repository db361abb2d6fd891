# The fastest linker that is here: a third of the time for the sanitized test programs, the same program. Debian's
# binutils bring gold; lld is taken where somebody has installed it.
find_program(METERTWIN_LLD ld.lld)
find_program(METERTWIN_GOLD ld.gold)
if(METERTWIN_LLD)
  add_link_options(-fuse-ld=lld)
elseif(METERTWIN_GOLD)
  add_link_options(-fuse-ld=gold)
endif()
