# readr reads every CSV file with the documented types; igraph makes a graph of the dyads and the actors.
arguments <- commandArgs(trailingOnly = TRUE)
described <- read.csv(arguments[2], colClasses = "character")
letters_of <- c(string = "c", integer = "i", number = "d", boolean = "l", date = "D")
rows <- 0
for (table in unique(described$table)) {
  fields <- described[described$table == table, ]
  frame <- readr::read_csv(
    file.path(arguments[1], paste0(table, ".csv")),
    col_types = paste(letters_of[fields$type], collapse = ""), na = "", progress = FALSE
  )
  stopifnot(nrow(readr::problems(frame)) == 0, identical(names(frame), fields$column))
  stopifnot(nrow(frame) == as.integer(fields$rows[1]))
  for (column in fields$column[fields$required == "true"]) stopifnot(!anyNA(frame[[column]]))
  assign(table, frame)
  rows <- rows + nrow(frame)
}
stopifnot(any(startsWith(actions$action, "0")))
edges <- na.omit(dyads[c("actor_id", "target_id")])
graph <- igraph::graph_from_data_frame(edges, vertices = actors[c("actor_id", intersect(c("actor_name", "name"), names(actors)))])
stopifnot(igraph::ecount(graph) == nrow(edges), igraph::vcount(graph) == nrow(actors))
cat(length(unique(described$table)), "tables,", rows, "rows;", igraph::ecount(graph), "edges\n")
