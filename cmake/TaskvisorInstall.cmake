include(CMakePackageConfigHelpers)

set(taskvisor_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/taskvisor")
install(TARGETS taskvisor_taskvisor EXPORT taskvisorTargets)
install(EXPORT taskvisorTargets
  NAMESPACE taskvisor:: DESTINATION "${taskvisor_config_dir}")
configure_package_config_file(
  cmake/taskvisorConfig.cmake.in taskvisorConfig.cmake
  INSTALL_DESTINATION "${taskvisor_config_dir}")
# Before 1.0 a minor version may break the API.
write_basic_package_version_file(
  taskvisorConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES
    "${CMAKE_CURRENT_BINARY_DIR}/taskvisorConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/taskvisorConfigVersion.cmake"
    cmake/FindCAF.cmake
  DESTINATION "${taskvisor_config_dir}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
