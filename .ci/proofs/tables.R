# Base R reads every CSV with the documented column classes, finds the keys, and loses no code's zero.
folder <- commandArgs(trailingOnly = TRUE)[1]
described <- read.csv(file.path(commandArgs(trailingOnly = TRUE)[2]), colClasses = "character")
classes <- c(string = "character", integer = "integer", number = "numeric", boolean = "logical", date = "Date")

rows <- 0
for (table in unique(described$table)) {
  fields <- described[described$table == table, ]
  frame <- read.csv(
    file.path(folder, paste0(table, ".csv")),
    colClasses = setNames(unname(classes[fields$type]), fields$column),
    na.strings = "", encoding = "UTF-8"
  )
  stopifnot(identical(names(frame), fields$column))
  stopifnot(nrow(frame) == as.integer(fields$rows[1]))
  for (column in fields$column[fields$required == "true"]) stopifnot(!anyNA(frame[[column]]))
  keys <- fields$column[fields$key == "true"]
  if (length(keys)) stopifnot(!anyDuplicated(frame[keys]))
  assign(table, frame)
  rows <- rows + nrow(frame)
}
stopifnot(all(nchar(actions$action) >= 2), any(startsWith(actions$action, "0")))
stopifnot(all(events$action %in% actions$action), all(dyads$event_id %in% events$event_id))
joined <- merge(dyads, actors, by = "actor_id")
stopifnot(nrow(joined) == sum(!is.na(dyads$actor_id)))
cat(length(unique(described$table)), "tables,", rows, "rows\n")
