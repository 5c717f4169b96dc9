' The spreadsheet steps of docs/tutorials/five-minutes.md, in LibreOffice: Answer(WORKBOOK, CSV) writes a CSV file for each sheet,
' among them "pivot". If a step fails, the file CSV.error says which. Run by tutorial.py.
Function Where(sheet, title)
  For i = 0 To 60
    If sheet.getCellByPosition(i, 0).String = title Then
      Where = i
      Exit Function
    End If
  Next
  Error 5
End Function

Sub Answer(source, target)
  On Error Goto Failed
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  sheet = book.Sheets.getByName("dyads")
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  rows = sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
  Dim fields(2) As New com.sun.star.sheet.TableFilterField
  fields(0).Field = Where(sheet, "quad_class")
  fields(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL
  fields(0).NumericValue = 4
  fields(1).Field = Where(sheet, "date_earliest")
  fields(1).Operator = com.sun.star.sheet.FilterOperator.LESS_EQUAL
  fields(1).NumericValue = DateSerial(2023, 10, 31)
  fields(2).Field = Where(sheet, "date_latest")
  fields(2).Operator = com.sun.star.sheet.FilterOperator.GREATER_EQUAL
  fields(2).NumericValue = DateSerial(2023, 10, 1)
  For i = 0 To 2
    fields(i).IsNumeric = True
    fields(i).Connection = com.sun.star.sheet.FilterConnection.AND
  Next
  book.Sheets.insertNewByName("kept", 0)
  book.Sheets.insertNewByName("pivot", 0)
  kept = book.Sheets.getByName("kept")
  chosen = rows.createFilterDescriptor(True)
  chosen.ContainsHeader = True
  chosen.CopyOutputData = True
  chosen.OutputPosition = kept.getCellByPosition(0, 0).CellAddress
  chosen.setFilterFields(fields())
  rows.filter(chosen)
  cursor = kept.createCursor()
  cursor.gotoEndOfUsedArea(False)
  pivot = book.Sheets.getByName("pivot")
  tables = pivot.getDataPilotTables()
  plan = tables.createDataPilotDescriptor()
  plan.setSourceRange(kept.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow).RangeAddress)
  parts = plan.getDataPilotFields()
  parts.getByName("actor_id").Orientation = com.sun.star.sheet.DataPilotFieldOrientation.ROW
  parts.getByName("target_id").Orientation = com.sun.star.sheet.DataPilotFieldOrientation.COLUMN
  value = parts.getByName("event_id")
  value.Orientation = com.sun.star.sheet.DataPilotFieldOrientation.DATA
  value.Function = com.sun.star.sheet.GeneralFunction.COUNT
  tables.insertNewByName("answer", pivot.getCellByPosition(0, 0).CellAddress, plan)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName" : how(0).Value = "Text - txt - csv (StarCalc)"
  how(1).Name = "FilterOptions" : how(1).Value = "44,34,76,1,,0,false,false,false,false,false,-1"
  book.storeToURL(ConvertToURL(target), how())
  book.close(True)
  Exit Sub
Failed:
  number = FreeFile
  Open target & ".error" For Output As #number
  Print #number, "line " & Erl & ": " & Error
  Close #number
End Sub
