// The declarations of SQLite's layer for files that we stand in (sqlite3.h), as far
// as they are needed. They have not changed since version 3.7.
typedef long long i64;
typedef struct sqlite3_file sqlite3_file;
typedef struct sqlite3_io_methods sqlite3_io_methods;
typedef struct sqlite3_vfs sqlite3_vfs;

struct sqlite3_file { const sqlite3_io_methods *methods; };

struct sqlite3_io_methods {
	int version;
	int (*close)(sqlite3_file *);
	int (*read)(sqlite3_file *, void *, int, i64);
	int (*write)(sqlite3_file *, const void *, int, i64);
	int (*truncate)(sqlite3_file *, i64);
	int (*sync)(sqlite3_file *, int);
	int (*file_size)(sqlite3_file *, i64 *);
	int (*lock)(sqlite3_file *, int);
	int (*unlock)(sqlite3_file *, int);
	int (*check_reserved_lock)(sqlite3_file *, int *);
	int (*file_control)(sqlite3_file *, int, void *);
	int (*sector_size)(sqlite3_file *);
	int (*device_characteristics)(sqlite3_file *);
	int (*shm_map)(sqlite3_file *, int, int, int, void volatile **);
	int (*shm_lock)(sqlite3_file *, int, int, int);
	void (*shm_barrier)(sqlite3_file *);
	int (*shm_unmap)(sqlite3_file *, int);
};

struct sqlite3_vfs {
	int version;
	int file_bytes;
	int max_path;
	sqlite3_vfs *next;
	const char *name;
	void *app_data;
	int (*open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
	void *rest[18]; // never called by us, handed on as they are
};

// Weak, because this package alone can be linked without SQLite; whoever uses it has it.
__attribute__((weak)) sqlite3_vfs *sqlite3_vfs_find(const char *name);
__attribute__((weak)) int sqlite3_vfs_register(sqlite3_vfs *, int make_default);

int faulty_install(const char *folder);
void faulty_arm(int after, int kind, int for_good);
int faulty_hits(void);
