"""One module for each face: residents, staff, bureau, insurers, administrators."""
